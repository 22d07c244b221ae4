"""REST by the Dutch API design rules: operations, from which code and OpenAPI both follow."""
