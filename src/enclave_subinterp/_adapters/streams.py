"""Output as it comes, on its way to `on_output`."""

from __future__ import annotations

import codecs

from .._log import Log
from . import RunSettings

__all__ = ["StreamDecoders"]

_log = Log("enclave_subinterp.worker")


class StreamDecoders:
    """Output as it comes, each stream decoded across the cuts between its pieces."""

    __slots__ = ("_decoders", "_settings")

    def __init__(self, settings: RunSettings) -> None:
        self._settings = settings
        make = codecs.getincrementaldecoder("utf-8")
        self._decoders = {1: make("replace"), 2: make("replace")}

    def feed(self, stream: int, data: bytes, final: bool = False) -> None:
        """Pass on a piece of stream 1 (stdout) or 2 (stderr)."""
        decoder = self._decoders.get(stream)
        callback = self._settings.on_output
        if decoder is None or callback is None:
            return
        text = decoder.decode(data, final)
        if not text:
            return
        try:
            callback("stdout" if stream == 1 else "stderr", text)
        except Exception:  # noqa: BLE001 - the embedding program's callback must not end its guest's run
            _log.exception("on_output raised; the run goes on")

    def finish(self) -> None:
        """Pass on what was kept for a next piece."""
        for stream in self._decoders:
            self.feed(stream, b"", True)
