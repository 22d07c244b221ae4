"""The process: everything HTTP and the command line; no SQL."""
