"""Who asks the control API: opens the registry's desk for an operator and for nobody else."""

from typing import Annotated

from fastapi import Depends, Request

from pointsman.bootstrap.control import Control
from pointsman.bootstrap.registry import RegistryDesk
from pointsman.domain.scope import require_operator
from pointsman.entrypoints.http.arrival import read_key


async def _open_desk(request: Request) -> RegistryDesk:
    control: Control = request.app.state.control
    caller = await control.keys.caller(read_key(request.headers))
    require_operator(caller)
    return control.desk_of(caller.key_id)


Desk = Annotated[RegistryDesk, Depends(_open_desk)]
