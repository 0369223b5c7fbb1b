"""What an answer lacks of what was asked for, told to every client without its opting in.

As headers where these are still to be sent, and in the last event of a stream or the body under our key, in the
ledger's words.
"""

from collections.abc import Mapping
from typing import Any, Final

from pointsman.application.incoming import Answer
from pointsman.domain.documents.ledger import structure_document
from pointsman.domain.ledger import AuditRecord
from pointsman.domain.parameters import left_out_parameters

LEFT_OUT: Final = "x-routing-left-out-parameters"
STRUCTURE_FAULT: Final = "x-routing-structured-output-fault"


def tell_left_out(answer: Answer) -> Mapping[str, str]:
    """The header of parameters that the model does not take, known as soon as one begins to answer."""
    card = answer.opened.prediction.candidate.card
    names = left_out_parameters(answer.decision.situation.features.requested_parameters, card)
    return {LEFT_OUT: ", ".join(names)} if names else {}


def tell_structure_fault(record: AuditRecord) -> Mapping[str, str]:
    """The header of what the answer has against the form asked for, known at its end."""
    fault = record.structure.fault if record.structure else None
    return {STRUCTURE_FAULT: fault.encode("ascii", "replace").decode()} if fault else {}


def shortfalls_document(record: AuditRecord) -> dict[str, Any]:
    """Both as the ledger has them; empty where nothing is lacking."""
    names = record.served.left_out_parameters if record.served else ()
    is_faulty = record.structure is not None and record.structure.fault is not None
    return {
        **({"left_out_parameters": list(names)} if names else {}),
        **(structure_document(record) if is_faulty else {}),
    }
