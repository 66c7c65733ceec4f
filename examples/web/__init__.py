"""A service that runs its tenants' scripts: `python -m examples.web --help`, and docs/web.md."""
