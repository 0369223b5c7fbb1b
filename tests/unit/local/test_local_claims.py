import subprocess
import sys
from pathlib import Path

from local.claims import Claim

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
DEAF_CODE = "import signal, time; signal.signal(15, signal.SIG_IGN); print(1, flush=True); time.sleep(60)"
DEAF = [sys.executable, "-c", DEAF_CODE]


def hold(claim: Claim, command: list[str]) -> subprocess.Popen[bytes]:
    """A process in a session of its own that holds the claim, as a service does."""
    lock = claim.try_take()
    assert lock is not None
    with lock:
        process = subprocess.Popen(command, pass_fds=(lock.fileno(),), start_new_session=True, stdout=subprocess.PIPE)
        lock.truncate(0)
        lock.write(str(process.pid))
    return process


def test_a_claim_is_held_by_one_and_free_again_when_let_go(tmp_path: Path) -> None:
    claim = Claim(tmp_path / "run" / "a.lock")
    held = claim.try_take()
    assert held is not None
    assert claim.try_take() is None
    assert not claim.is_free()
    held.close()
    assert claim.is_free()


def test_a_child_holds_the_claim_after_its_parent_has_let_go(tmp_path: Path) -> None:
    claim = Claim(tmp_path / "a.lock")
    with hold(claim, SLEEP) as child:
        assert not claim.is_free()
        assert claim.holder() == child.pid
        child.kill()
        child.wait()
        assert claim.is_free()


def test_a_holder_is_asked_to_end(tmp_path: Path) -> None:
    claim = Claim(tmp_path / "a.lock")
    with hold(claim, SLEEP) as child:
        claim.end_holder(grace_s=5)
        assert claim.is_free()
        assert child.wait() == -15


def test_a_holder_that_does_not_listen_is_killed(tmp_path: Path) -> None:
    claim = Claim(tmp_path / "a.lock")
    with hold(claim, DEAF) as child:
        assert child.stdout is not None
        child.stdout.readline()
        claim.end_holder(grace_s=0.3)
        assert claim.is_free()
        assert child.wait() == -9


def test_a_free_claim_ends_nobody_even_if_an_old_id_is_in_it(tmp_path: Path) -> None:
    claim = Claim(tmp_path / "a.lock")
    with subprocess.Popen(SLEEP, start_new_session=True) as stranger:
        claim.path.write_text(str(stranger.pid))
        claim.end_holder(grace_s=1)
        assert stranger.poll() is None
        stranger.kill()
