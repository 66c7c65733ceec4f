# what: makes a sound file
import wave

with wave.open(MARKER_PATH, "wb") as sound:
    sound.setparams((1, 1, 8000, 0, "NONE", ""))
