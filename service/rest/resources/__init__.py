"""The resources of the REST contract, a module a noun, listed in `service.rest.contract`."""
