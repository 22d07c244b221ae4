"""Telling others of a new publication, by Standard Webhooks."""
