"""What an answer lacks of what was asked for, as headers that every client can read without opting in."""

from collections.abc import Mapping

from pointsman.domain.ledger import AuditRecord

LEFT_OUT = "x-routing-left-out-parameters"
STRUCTURE_FAULT = "x-routing-structured-output-fault"


def tell_shortfalls(record: AuditRecord) -> Mapping[str, str]:
    """Parameters that the model does not take, and what the answer has against the form asked for."""
    left_out = record.served.left_out_parameters if record.served else ()
    fault = record.structure.fault if record.structure else None
    told = {LEFT_OUT: ", ".join(left_out), STRUCTURE_FAULT: (fault or "").encode("ascii", "replace").decode()}
    return {name: value for name, value in told.items() if value}
