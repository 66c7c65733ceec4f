# what: reaches signal as asyncio.events.signal
import asyncio

signal = asyncio.events.signal
signal.signal(signal.SIGUSR1, signal.SIG_IGN)
