# what: opens a sound file
import wave

try:
    wave.open(CANARY_PATH)
except (wave.Error, EOFError) as error:
    text = TOKEN + str(error)
text
