"""Where an executor is known not to do what the suite asks; each entry has to fail, or it has to go from here.

`EnclaveExecutor` does all that *process* does, but for the entries with its name.
"""

from __future__ import annotations

import sys
from typing import Any, Final, NamedTuple

ALWAYS: Final = (3, 0)
NEVER: Final = (4, 0)


class Difference(NamedTuple):
    executor: str
    reason: str
    tests: tuple[str, ...]  # `test_name`, or `test_name[parameters]`
    since: tuple[int, int] = ALWAYS  # from this version of Python on
    until: tuple[int, int] = NEVER  # and before this one

    def concerns(self, name: str) -> bool:
        """`name` as `name_of` gives it."""
        here = self.since <= sys.version_info[:2] < self.until
        return here and (name in self.tests or name.partition("[")[0] in self.tests)


def name_of(item: Any) -> str:
    """The test's name with its parameters, but for the executor's."""
    name: str = item.originalname
    kind = item.callspec.params["kind"]
    parameters = item.name[len(name) + 1 : -1]
    rest = parameters.removeprefix(kind) if parameters.startswith(kind) else parameters.removesuffix(kind)
    rest = rest.strip("-")
    return f"{name}[{rest}]" if rest else name


PROCESS: Final = (
    Difference(
        "process",
        "pickles with protocol 4 before Python 3.14",
        ("test_pickle_buffer_as_an_argument", "test_read_only_pickle_buffer_as_an_argument"),
        until=(3, 14),
    ),
    Difference(
        "process",
        "what cannot be loaded breaks the pool",
        (
            "test_error_that_cannot_be_loaded",
            "test_result_that_cannot_be_loaded",
            "test_argument_that_cannot_be_loaded",
        ),
    ),
    Difference(
        "process",
        "a __main__ without a file of its own, or called __main__.py, is not there in workers that were not forked",
        ("test_by_package", "test_by_folder", "test_in_a_zip", "test_by_stdin", "test_by_command"),
    ),
    Difference(
        "process",
        "its workers cannot print the traceback of an error in __main__ where warnings are shown",
        ("test_with_an_option[Werror]", "test_with_an_option[Xdev]"),
        since=(3, 15),
    ),
    Difference("process", "a worker's death breaks the pool", ("test_pool_outlives_a_harmed_worker",)),
    Difference(
        "process",
        "never ends (gh-115634)",
        ("test_map_and_max_tasks_per_child",),
        until=(3, 14),
    ),
)

THREAD: Final = (
    Difference(
        "thread",
        "nothing is pickled: the host's own objects are used",
        (
            "test_arguments_are_copies",
            "test_object_with_buffers",
            "test_buffers_are_a_tasks_own",
            "test_buffers_of_the_initializer_are_a_workers_own",
            "test_pickle_buffer_as_an_argument",
            "test_read_only_pickle_buffer_as_an_argument",
            "test_memoryview_is_no_argument",
            "test_argument_that_cannot_be_pickled",
            "test_function_that_cannot_be_pickled",
            "test_submit_itself_does_not_raise",
            "test_result_that_cannot_be_pickled",
            "test_error_that_cannot_be_pickled",
            "test_result_that_cannot_be_loaded",
            "test_argument_that_cannot_be_loaded",
        ),
    ),
    Difference("thread", "the traceback is the error's own, not its cause's", ("test_remote_traceback",)),
    Difference("thread", "has no chunks", ("test_no_such_chunks",)),
    Difference(
        "thread",
        "has no max_tasks_per_child",
        (
            "test_no_such_number_of_tasks_per_child",
            "test_max_tasks_per_child",
            "test_initializer_of_replaced_workers",
        ),
    ),
    Difference(
        "thread",
        "workers share the state of the host",
        (
            "test_workers_run_beside_each_other",
            "test_module_state_is_kept",
            "test_module_state_is_a_workers_own",
            "test_initializer",
            "test_variable_of_a_task_stays_there",
            "test_module_of_the_host_is_another",
            "test_logging_is_not_the_hosts",
        ),
    ),
    Difference("thread", "workers are in the host's process", ("test_worker_is_a_process_of_its_own",)),
    Difference(
        "thread",
        "workers are not on the main thread",
        ("test_task_runs_on_the_main_thread", "test_signals_in_a_task"),
    ),
)

INTERPRETER: Final = (
    Difference(
        "interpreter",
        "a function goes by its code where that is possible, and comes back as another",
        (
            "test_values[function]",
            "test_function_that_cannot_be_pickled",
            "test_submit_itself_does_not_raise",
        ),
    ),
    Difference(
        "interpreter",
        "what can be shared without being pickled is: a tuple's items one by one, memoryviews",
        ("test_one_object_twice_stays_one", "test_memoryview_is_no_argument"),
    ),
    Difference(
        "interpreter",
        "functions run in a __main__ of their own, whose globals are not those of their module",
        (
            "test_enum_members_stay_single",
            "test_instances_made_by_the_task",
            "test_type_and_arguments",
            "test_result_that_cannot_be_loaded",
        ),
    ),
    Difference(
        "interpreter",
        "an error about sharing, with that of pickling as its cause",
        (
            "test_argument_that_cannot_be_pickled",
            "test_result_that_cannot_be_pickled",
            "test_error_that_cannot_be_pickled",
        ),
    ),
    Difference(
        "interpreter", "a wrong initializer is told later", ("test_initializer_that_is_not_callable",)
    ),
    Difference("interpreter", "has no chunks", ("test_no_such_chunks",)),
    Difference(
        "interpreter",
        "has no max_tasks_per_child",
        (
            "test_no_such_number_of_tasks_per_child",
            "test_max_tasks_per_child",
            "test_initializer_of_replaced_workers",
        ),
    ),
    Difference("interpreter", "sys.argv is not handed on", ("test_surroundings[argv]",)),
    Difference(
        "interpreter",
        "workers are in the host's process",
        ("test_worker_is_a_process_of_its_own",),
    ),
    Difference(
        "interpreter",
        "not on the main thread of the main interpreter",
        ("test_task_runs_on_the_main_thread", "test_signals_in_a_task"),
    ),
    Difference(
        "interpreter",
        "an isolated subinterpreter may not fork",
        ("test_fork_in_a_task", "test_other_executor_in_a_task[process]"),
    ),
    Difference(
        "interpreter",
        "does not load in a subinterpreter",
        (
            "test_standard_library[curses.ascii]",
            "test_standard_library[faulthandler]",
            "test_standard_library[readline]",
        ),
    ),
)

ENCLAVE: Final = (
    Difference("enclave", "workers are in the host's process", ("test_worker_is_a_process_of_its_own",)),
    Difference(
        "enclave",
        "a worker has one thread",
        ("test_threads_in_a_task", "test_other_executor_in_a_task"),
    ),
    Difference(
        "enclave",
        "signals are the main interpreter's",
        ("test_signals_in_a_task",),
    ),
    Difference("enclave", "an isolated subinterpreter may not fork", ("test_fork_in_a_task",)),
    Difference(
        "enclave",
        "executors of this kind are the host's to make",
        ("test_executor_in_a_task",),
    ),
    Difference(
        "enclave",
        "functions without a name to find them by cross, where cloudpickle is installed",
        (
            "test_function_that_cannot_be_pickled",
            "test_submit_itself_does_not_raise",
        ),
    ),
    Difference(
        "enclave",
        "cloudpickle, where it is installed, takes memoryviews, as bytes",
        ("test_memoryview_is_no_argument",),
    ),
    Difference(
        "enclave",
        "read-only buffers are lent, not copied, so that one comes as a memoryview of the host's",
        ("test_read_only_pickle_buffer_as_an_argument",),
    ),
    Difference(
        "enclave",
        "comes as a RemoteError with its own text instead",
        ("test_error_that_cannot_be_pickled",),
    ),
    Difference(
        "enclave",
        "does not load in a subinterpreter",
        (
            "test_standard_library[curses.ascii]",
            "test_standard_library[readline]",
            "test_standard_library[sqlite3]",
        ),
    ),
    Difference(
        "enclave",
        "does not load in a subinterpreter",
        ("test_standard_library[ctypes]", "test_standard_library[xml.etree.ElementTree]"),
        until=(3, 13),
    ),
)

DIFFERENCES: Final = (*PROCESS, *THREAD, *INTERPRETER, *ENCLAVE)
