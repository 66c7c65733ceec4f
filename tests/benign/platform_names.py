# what: names of the platform
import platform

names = [platform.processor(), platform.platform(), platform.uname().processor, platform.python_version()]
print(all(isinstance(name, str) for name in names), platform.python_implementation())
