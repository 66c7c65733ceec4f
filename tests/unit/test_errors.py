"""The exceptions: who descends from whom, and what they carry; nothing here needs the native core."""

import pickle

import pytest

import enclave_subinterp as package
from enclave_subinterp import (
    EnclaveError,
    EnclaveUsageError,
    ErrorCode,
    ErrorInfo,
    GuestError,
    PoolClosedError,
    QueueFullError,
    QueueTimeoutError,
    errors,
)

EVERY = [getattr(errors, name) for name in errors.__all__]


@pytest.mark.parametrize("kind", EVERY)
def test_each_is_public_and_an_enclave_error(kind: type[Exception]) -> None:
    assert issubclass(kind, EnclaveError)
    assert getattr(package, kind.__name__) is kind
    assert kind.__doc__


@pytest.mark.parametrize("kind", EVERY)
def test_each_can_be_made_anew_without_its_init(kind: type[Exception]) -> None:
    """As tblib does, which Dask loads, when it brings one back from a pickle."""
    assert type(kind.__new__(kind, "text")) is kind


def test_the_base_catches_no_more_than_our_own() -> None:
    assert EnclaveError.__bases__ == (Exception,)


def test_misuse_is_told_apart() -> None:
    assert issubclass(PoolClosedError, EnclaveUsageError)
    assert issubclass(EnclaveUsageError, RuntimeError)
    assert not issubclass(QueueFullError, EnclaveUsageError)
    assert not issubclass(QueueTimeoutError, TimeoutError), (
        "handle.result(timeout) raises that for another reason"
    )


def test_queue_errors_carry_their_figures() -> None:
    full = QueueFullError("full", queue_depth=20, max_queue_size=20)
    late = QueueTimeoutError("late", waited=10.01, queue_timeout=10.0)
    assert (str(full), full.queue_depth, full.max_queue_size) == ("full", 20, 20)
    assert (str(late), late.waited, late.queue_timeout) == ("late", 10.01, 10.0)


@pytest.mark.parametrize(
    "error",
    [
        QueueFullError("full", queue_depth=3, max_queue_size=2),
        QueueTimeoutError("late", waited=1.0, queue_timeout=0.5),
        PoolClosedError("closed"),
        GuestError(ErrorInfo("E", "m", ErrorCode.TIMEOUT)),
    ],
)
def test_errors_can_be_pickled(error: Exception) -> None:
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert str(again) == str(error)
    assert vars(again) == vars(error)
