"""What capabilities() claims is true, here and where the kernel lacks features: each claim is tried.

Features are hidden from a child process by a system call filter, under which it fails as on a kernel without them.
"""

from __future__ import annotations

import pytest
from slots import child

from enclave_subinterp import capabilities

TRYING = r"""
import math
from dataclasses import replace
from enclave_subinterp import Enclave, WorkerPoolPresets, capabilities


def enclave(megabytes=64, **options):
    config = replace(WorkerPoolPresets.STANDARD, min_workers=1, max_workers=1, memory_limit_per_worker=megabytes * MB)
    return Enclave(worker_pool_config=config, **options)


def code_of(result):
    return result.error and result.error.code.value


def hard_halt():
    programs = [
        "while True:\n try:\n  while True: pass\n except BaseException: pass",
        "import time; time.sleep(1000)",
        "import itertools; sum(itertools.repeat(1))",
        "class D:\n    def __del__(self): D()\nD()\nwhile True: pass",
    ]
    with enclave() as e:
        codes = {code_of(e.run(program, timeout=0.01)) for program in programs}
        return codes == {"TIMEOUT"} and e.run("1 + 1").value == 2


def rewind():
    stain = "import builtins, json, sys; builtins.x = json.x = sys.x = 1; json.dumps = None; kept = bytearray(10**7)"
    look = "import builtins as b, json, sys\n[hasattr(m, 'x') for m in (b, json, sys)], json.dumps(1), 'kept' in dir()"
    seen = set()
    with enclave() as e:
        for ending in ("", "\nwhile True: pass", "\n1 / 0"):
            for _ in range(4):
                e.run(stain + ending, timeout=0.01)
                seen.add(str(e.run(look).value))
    return seen == {"([False, False, False], '1', False)"}


def memory_limit():
    with enclave(32) as e:
        held = e.run("0").stats.peak_memory
        most = (32 * MB - held - MB // 2) // MB
        under = e.run(f"x = [bytearray({MB} - 100) for _ in range({most})]; len(x)")
        over = [
            e.run(f"try: x = bytearray({33 * MB})\nexcept BaseException: pass"),
            e.run("x = []\nwhile True:\n try: x.append(bytearray(1000))\n except BaseException: pass"),
        ]
        peaks = [result.stats.peak_memory <= 32 * MB + 64 for result in [under, *over]]
    return under.value == most and {code_of(r) for r in over} == {"MEMORY_LIMIT_EXCEEDED"} and all(peaks)


def crash_containment():
    programs = [
        "import os; os.abort()",
    ]
    with enclave() as e:
        codes = {code_of(e.run(program)) for program in programs}
        return codes == {"WORKER_CRASHED"} and e.run("1 + 1").value == 2


def seccomp():
    with enclave() as e:
        refused = [e.run(f"import os\ntry: os.{call}\nexcept OSError: pass") for call in ("getppid()", "_exit(0)")]
        calls = [r.error.data["system_call"] for r in refused if code_of(r) == "SANDBOX_VIOLATION"]
        return calls == ["getppid", "exit_group"] and e.run("1 + 1").value == 2


def landlock():
    # Where nothing else forbids files: no filter of system calls, no policy, no rules of language.
    import tempfile
    from pathlib import Path
    from enclave_subinterp._adapters import subinterpreter
    hide("seccomp", errno.ENOSYS)
    tries = [
        "open(folder + '/there').read()",
        "open(folder + '/new', 'w').close()",
        "import os; os.listdir(folder)",
        "import os; os.mkdir(folder + '/inner')",
        "import os; os.unlink(folder + '/there')",
    ]
    said = {}
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "there").write_text("text")
        for layer in "system", "":
            subinterpreter.LAYERS = frozenset({layer})
            with enclave(globals={"folder": folder}) as e:
                results = [e.run(text) for text in tries]
                said[layer] = [(code_of(r), r.error and r.error.name) for r in results]
    refused = ("EXECUTION_ERROR", "PermissionError")
    return said == {"system": [refused] * len(tries), "": [(None, None)] * len(tries)}


def type_sealing():
    with enclave() as e:
        hidden = "getattr(call_tool, '__glo' + 'bals__', None), getattr(object, '__subcl' + 'asses__')()"
        return e.run(hidden).value == (None, [])


def audit_policy():
    with enclave() as e:
        result = e.run("import io; io.FileIO('/')")
        return result.error.name == "PermissionError" and "not permitted in an enclave" in result.error.message


"""


def tried(name: str, before: str = "") -> None:
    """Try one capability in a child, whatever was hidden from it before."""
    ended = child(before + HIDING + TRYING + f"report(claimed=capabilities()[{name!r}], kept={name}())")
    ended.check()
    (said,) = ended.reports
    assert said["claimed"] is True, said
    assert said["kept"] is True, said


@pytest.mark.parametrize("name", [name for name in capabilities() if capabilities()[name]])
def test_what_is_claimed_is_kept(name: str) -> None:
    tried(name)


# --- Kernels with less ---------------------------------------------------------------------------------------------

HIDING = r"""
import ctypes, errno, platform, struct
x86 = platform.machine() == "x86_64"
NUMBERS = {name: numbers[not x86] for name, numbers in {
    "ioctl": (16, 29), "userfaultfd": (323, 282), "memfd_create": (319, 279), "unshare": (272, 97),
    "seccomp": (317, 277), "sched_setattr": (314, 274), "close_range": (436, 436),
    "landlock_create_ruleset": (444, 444),
}.items()}


def hide(call, error, argument=None, value=0):
    # From here on, this call (with that argument) fails with that error.
    steps = [(0x20, 0, 0, 0), (0x15, 0, 3 if argument is not None else 1, NUMBERS[call])]
    if argument is not None:
        steps += [(0x20, 0, 0, 16 + 8 * argument), (0x15, 0, 1, value)]
    steps += [(0x06, 0, 0, 0x50000 | error), (0x06, 0, 0, 0x7FFF0000)]
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
    program = ctypes.create_string_buffer(struct.pack("HxxxxxxQ", len(steps), ctypes.addressof(code)))
    libc = ctypes.CDLL(None, use_errno=True)
    prctl = libc.prctl
    prctl.argtypes = [ctypes.c_int] + [ctypes.c_ulong] * 4
    assert prctl(38, 1, 0, 0, 0) == 0 and prctl(22, 2, ctypes.addressof(program), 0, 0) == 0, ctypes.get_errno()


"""

LESS = {
    "no userfaultfd": ("hide('userfaultfd', errno.ENOSYS)", "remap"),
    "no asynchronous mode": ("hide('ioctl', errno.EINVAL, 1, 0xC018AA3F)", "remap"),
    "no write protection": ("hide('ioctl', errno.EINVAL, 1, 0xC018AA06)", "remap"),
    "no PAGEMAP_SCAN": ("hide('ioctl', errno.ENOTTY, 1, 0xC0606610)", "remap"),
    "no flags of a newer memfd": ("hide('memfd_create', errno.EINVAL, 1, 9)", None),
    "no tables of its own": ("hide('unshare', errno.EPERM); hide('sched_setattr', errno.EPERM)", None),
    "no Landlock": ("hide('landlock_create_ruleset', errno.ENOSYS)", None),
    "no close_range": ("hide('close_range', errno.ENOSYS)", None),
    # Found out only when a worker's memory is to be watched, or put back.
    "no registration later": ("capabilities(); hide('ioctl', errno.ENOMEM, 1, 0xC020AA00)", None),
    "no scan later": ("capabilities(); hide('ioctl', errno.EPERM, 1, 0xC0606610)", None),
}

EVERYTHING = "report(mode=capabilities().details['rewind'].split(':')[0], kept=[rewind(), hard_halt(), memory_limit()])"


@pytest.mark.parametrize("feature", LESS)
def test_a_kernel_with_less(feature: str) -> None:
    # GIVEN a kernel without a feature THEN capabilities() says what is done instead, and that does the same
    hide, mode = LESS[feature]
    ended = child(HIDING + TRYING + hide + "\n" + EVERYTHING)
    ended.check()
    (said,) = ended.reports
    assert said["kept"] == [True] * 3, said
    best = capabilities().details["rewind"].split(":")[0]
    assert said["mode"] == (mode or best), said


def test_without_a_system_call_filter() -> None:
    # GIVEN a kernel without seccomp THEN that is not claimed, and everything else is kept
    program = (
        HIDING
        + TRYING
        + "hide('seccomp', errno.ENOSYS)\nN = native()\n"
        + EVERYTHING.replace(
            "report(",
            "report(claimed=N.platform()['seccomp'], said=capabilities().details['seccomp'], ",
            1,
        ).replace("hard_halt(), ", "")
    )
    ended = child(program)
    ended.check()
    (said,) = ended.reports
    assert said["claimed"] is False, said
    assert "filtered" not in said["said"], said
    assert said["kept"] == [True] * 2, said


def test_levels_that_need_a_filter_do_not_start_without() -> None:
    # GIVEN a kernel without seccomp THEN STRICT and SECURE are refused, and STANDARD serves
    program = (
        HIDING
        + TRYING
        + r"""
hide("seccomp", errno.ENOSYS)
from enclave_subinterp import UnsupportedPlatformError
said = {}
for level in "STRICT", "SECURE", "STANDARD":
    try:
        with enclave(security_level=level) as e:
            said[level] = e.run("1 + 1").value
    except UnsupportedPlatformError as error:
        said[level] = str(error)
report(**said)
"""
    )
    ended = child(program)
    ended.check()
    (said,) = ended.reports
    for level in ("STRICT", "SECURE"):
        assert f"seccomp (needed by security_level='{level}')" in said[level], said
    assert said["STANDARD"] == 2, said


def test_without_memfd() -> None:
    # GIVEN a system on which nothing can be put back WHEN an enclave is made THEN it is refused, and said why
    program = (
        HIDING
        + TRYING
        + r"""
hide('memfd_create', errno.ENOSYS)
from enclave_subinterp import UnsupportedPlatformError
refusals = []
for pristine in (True, False):
    try:
        enclave(pristine=pristine)
    except UnsupportedPlatformError as error:
        refusals.append(str(error))
try:
    make()
except native().NativeError as error:
    refusals.append(str(error))
caps = capabilities()
report(rewind=caps.rewind, hard_halt=caps.hard_halt, details=caps.details["rewind"], refusals=refusals)
"""
    )
    ended = child(program)
    ended.check()
    (said,) = ended.reports
    assert (said["rewind"], said["hard_halt"]) == (False, False), said
    assert said["details"].startswith("none: "), said
    assert "rewind" in said["refusals"][0], said
    assert "hard_halt" in said["refusals"][1], said
    assert "memfd_create" in said["refusals"][2], said


def test_without_address_space() -> None:
    # GIVEN a process whose address space is limited THEN the core takes less of it, or says that there is too little
    program = r"""
import resource
def limited(gigabytes):
    pid = os.fork()
    if pid == 0:
        resource.setrlimit(resource.RLIMIT_AS, (gigabytes << 28, gigabytes << 28))
        try:
            slots = [make() for _ in range(2)]
            os._exit(0 if all(run(slot, "1 + 1").value == 2 for slot in slots) else 1)
        except ImportError as error:
            os._exit(2 if "ulimit -v" in str(error) else 3)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
report(little=limited(1), enough=limited(16))
"""
    ended = child(program)
    ended.check()
    (said,) = ended.reports
    assert (said["little"], said["enough"]) == (2, 0), said
