"""For the command line of Schemathesis: `SCHEMATHESIS_HOOKS=tests.api.schemathesis_hooks`."""

from tests.api import arranged

arranged.register()
