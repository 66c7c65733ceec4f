"""An application whose users write plugins for it: `python -m examples.plugins`."""
