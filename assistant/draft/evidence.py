"""The evidence file beside a draft: every figure it may use, so that it can be checked offline.

`verify` takes ledger rows from any source; here they are written to JSON and read back exactly.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.draft.proof import Proof
from assistant.draft.types import Draft
from assistant.errors import AssistantError
from assistant.gongwen.save import save
from assistant.verify import Checked
from vectorstore.store import LedgerRow
from vectorstore.types import Dimension, Hedge, Modality, Part, Quantity, QuantityKind

if TYPE_CHECKING:
    from assistant.verify.files import Verified

__all__ = [
    "Evidence",
    "EvidenceError",
    "digest",
    "evidence_path",
    "quantity_json",
    "read_evidence",
    "verify_draft",
    "write_evidence",
]

_VERSION = 1
_LARGEST = 20_000_000  # bytes; a draft of a hundred pages stays below three million
_MOST_DIGITS = 30
_UNREADABLE = (OSError, ValueError, KeyError, TypeError, AttributeError, ArithmeticError)


class EvidenceError(AssistantError):
    """The evidence file beside the draft is not one, or was changed."""

    default_hint = "请重新起草，或删去该文件后按资料库核对。"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What an evidence file says: whose draft, and the figures it may use."""

    org: str
    year: int
    rows: tuple[LedgerRow, ...]


def evidence_path(path: Path) -> Path:
    """x.docx → x.evidence.json."""
    return path.with_suffix(".evidence.json")


def write_evidence(path: Path, draft: Draft, proof: Proof) -> None:
    """Write the evidence file, atomically. Raises SaveError."""
    content = {
        "version": _VERSION,
        "org": draft.org,
        "year": draft.year,
        "engine": draft.engine,
        "model": draft.model,
        "prompts": list(draft.prompt_refs),
        "sources": [asdict(source) for source in draft.sources],
        "quantities": [quantity_json(one) for one in proof.checked],
        "figures": [_row_json(row) for row in proof.rows],
    }
    save(path, json.dumps(content, ensure_ascii=False, indent=1).encode())


def quantity_json(checked: Checked) -> dict[str, Any]:
    """One figure of the draft with its verdict and source."""
    q, row = checked.quantity, checked.source
    source = None
    if row is not None:
        source = {
            "from": row.report_id,
            "org": row.org,
            "year": row.year,
            "heading": row.quantity.heading,
            "sentence": row.sentence,
        }
    return {
        "text": q.text,
        "start": q.start,
        "end": q.end,
        "verdict": checked.verdict.value,
        "source": source,
        "detail": checked.detail,
    }


def _row_json(row: LedgerRow) -> dict[str, Any]:
    q = row.quantity
    quantity = {name: getattr(q, name) for name in Quantity.__dataclass_fields__}
    quantity["value"] = None if q.value is None else str(q.value)
    quantity["value_max"] = None if q.value_max is None else str(q.value_max)
    return {
        "quantity": quantity,
        "from": row.report_id,
        "org": row.org,
        "year": row.year,
        "part": row.part,
        "sentence": row.sentence,
    }


def read_evidence(path: Path) -> Evidence:
    """Read what `write_evidence` wrote. Raises EvidenceError."""
    try:
        if path.stat().st_size > _LARGEST:
            raise ValueError(path)
        content = json.loads(path.read_text("utf-8"))
        rows = tuple(_row(entry) for entry in content["figures"])
        return Evidence(str(content["org"]), int(content["year"]), rows)
    except (*_UNREADABLE, RecursionError) as exc:
        raise EvidenceError(f"{path.name} 不是有效的依据文件。") from exc


def verify_draft(path: Path) -> Verified | None:
    """Verify a draft, also after a person edited it, against the evidence file beside it.

    None where there is no such file. Raises EvidenceError, ReadError and NothingToVerifyError.
    """
    beside = evidence_path(path)
    if not beside.exists():
        return None
    from assistant.settings import Settings
    from assistant.verify.files import verify_against
    from vectorstore.indicators import load_lexicon

    found = read_evidence(beside)
    lexicon = load_lexicon(Settings().indicators)
    return verify_against(
        path, found.rows, lexicon, org=found.org, year=found.year, evidence=beside.name
    )


def _row(entry: dict[str, Any]) -> LedgerRow:
    raw = dict(entry["quantity"])
    raw["value"], raw["value_max"] = _number(raw["value"]), _number(raw["value_max"])
    raw["kind"], raw["hedge"] = QuantityKind(raw["kind"]), Hedge(raw["hedge"])
    raw["dimension"], raw["modality"] = Dimension(raw["dimension"]), Modality(raw["modality"])
    part = Part(entry["part"]) if entry["part"] else None
    year = None if entry["year"] is None else int(entry["year"])
    return LedgerRow(Quantity(**raw), entry["from"], entry["org"], year, part, entry["sentence"])


def _number(text: str | None) -> Decimal | None:
    """A value as it was written. Raises ValueError for one no report prints."""
    if text is None:
        return None
    value = Decimal(text)
    if not value.is_finite() or abs(value.adjusted()) > _MOST_DIGITS:
        raise ValueError(text)
    return value


def digest(data: bytes) -> str:
    """SHA-256 as hex digits."""
    return hashlib.sha256(data).hexdigest()
