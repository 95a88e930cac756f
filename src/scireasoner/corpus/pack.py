"""Pack texts into blocks of equal length, ready to train on."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scireasoner.artifacts import writing
from scireasoner.corpus.piece_encoder import PieceEncoder
from scireasoner.corpus.tokenizer import load_tokenizer
from scireasoner.errors import DataError, InputError
from scireasoner.prompts.chat import END_OF_TEXT

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

_BATCH = 1000


@dataclass(frozen=True, slots=True)
class PackStats:
    """What was packed.

    Parameters
    ----------
    documents, characters : what came in.
    tokens : of all documents, separators included.
    blocks : rows of ``seq_len`` tokens written.
    left_over : tokens after the last full block, not written.
    """

    documents: int
    characters: int
    tokens: int
    blocks: int
    left_over: int

    def as_facts(self) -> dict[str, int]:
        """Return plain values for a manifest."""
        return asdict(self)


def pack(texts: Iterable[str], tokenizer_dir: Path, seq_len: int, out: Path) -> PackStats:
    """Tokenise texts, join them with the end-of-text token and cut blocks of ``seq_len``.

    Writes a ``.npy`` of shape (blocks, seq_len), uint16 where the vocabulary allows, in one pass
    and in constant memory. A document may cross from one block into the next.

    Raises
    ------
    InputError : if ``seq_len`` is below 2.
    DataError : if the texts do not fill one block.
    """
    import numpy as np

    if seq_len < 2:
        raise InputError(f"blocks of {seq_len} tokens were asked for: at least 2 are needed")
    tokenizer = load_tokenizer(tokenizer_dir)
    encoder = PieceEncoder(tokenizer)
    end, dtype = end_token(tokenizer, tokenizer_dir), id_dtype(tokenizer)
    documents = characters = tokens = blocks = 0
    rest = np.empty(0, dtype)
    with writing(out), GrowingFile(out, dtype, seq_len) as file:
        for batch in _batches(texts):
            ids = [np.asarray([*row, end], dtype) for row in encoder.encode(batch)]
            stream = np.concatenate([rest, *ids])
            full = len(stream) // seq_len
            file.append(stream[: full * seq_len], full)
            rest = stream[full * seq_len :]
            documents += len(batch)
            characters += sum(map(len, batch))
            tokens += sum(map(len, ids))
            blocks += full
        if blocks == 0:
            raise DataError(
                f"{documents} documents hold {tokens} tokens, which do not fill one block of "
                f"{seq_len}: give more text or choose shorter blocks"
            )
    return PackStats(documents, characters, tokens, blocks, len(rest))


def end_token(tokenizer: Tokenizer, folder: Path) -> int:
    """Return the id of the token between documents; DataError if the tokenizer has none."""
    end = tokenizer.token_to_id(END_OF_TEXT)
    if end is None:
        raise DataError(
            f"the tokenizer in {folder} has no {END_OF_TEXT} token to put between "
            "documents: build it with build_tokenizer or extend_tokenizer"
        )
    return int(end)


def id_dtype(tokenizer: Tokenizer) -> np.dtype[Any]:
    """Return the type that holds every id of a tokenizer: uint16 where it is wide enough."""
    import numpy as np

    highest = max(tokenizer.get_vocab(with_added_tokens=True).values())
    return np.dtype("<u2" if highest < 2**16 else "<u4")


def load_packed(path: Path) -> np.memmap[Any, np.dtype[np.unsignedinteger[Any]]]:
    """Return the blocks of a packed file, shape (blocks, seq_len), mapped read-only.

    Raises
    ------
    DataError : if the file is missing, cut short, too long or of another kind.
    """
    import numpy as np

    advice = "delete it and run its stage again"
    try:
        blocks = np.load(path, mmap_mode="r", allow_pickle=False)
    except FileNotFoundError as error:
        raise DataError(f"{path} is missing: run the stage that packs the corpus") from error
    except (ValueError, EOFError, OSError, SyntaxError) as error:
        raise DataError(f"{path} is broken or cut short ({error}): {advice}") from error
    if not isinstance(blocks, np.memmap) or blocks.ndim != 2 or blocks.dtype.kind != "u":
        raise DataError(f"{path} does not hold blocks of token ids: {advice}")
    if blocks.offset + blocks.nbytes != path.stat().st_size:
        raise DataError(f"{path} is longer than its header says: {advice}")
    return blocks


class GrowingFile:
    """A ``.npy`` file that grows by rows and appears under its name only when whole."""

    def __init__(self, path: Path, dtype: np.dtype[Any], columns: int) -> None:
        self.path = path
        self.partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
        self.dtype, self.columns, self.rows = dtype, columns, 0

    def __enter__(self) -> GrowingFile:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.file = self.partial.open("wb")
        self._header()
        return self

    def append(self, ids: NDArray[np.unsignedinteger[Any]], rows: int) -> None:
        """Add rows, given flat."""
        self.file.write(ids.tobytes())
        self.rows += rows

    def _header(self) -> None:
        from numpy.lib import format as npy

        # numpy leaves room in the header for the first axis to grow.
        shape = (self.rows, self.columns)
        descr = npy.dtype_to_descr(self.dtype)
        self.file.seek(0)
        npy.write_array_header_1_0(
            self.file, {"descr": descr, "fortran_order": False, "shape": shape}
        )

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None:
                self._header()
                self.file.flush()
                os.fsync(self.file.fileno())
            self.file.close()
            if kind is None:
                self.partial.replace(self.path)
        finally:
            self.partial.unlink(missing_ok=True)


def _batches(texts: Iterable[str]) -> Iterator[list[str]]:
    stream = iter(texts)
    while batch := list(islice(stream, _BATCH)):
        yield batch
