"""What a key may do, applied to what its holder asks. Knows not the models that it may use: the funnel does."""

from dataclasses import replace

from pointsman.domain.errors import OutOfScopeError
from pointsman.domain.preferences import Caller, Preferences


def within_scope(preferences: Preferences, caller: Caller) -> Preferences:
    """The preferences with the key's own limits added. OutOfScopeError for an objective that the key may not use.

    Of a key's objectives the first holds where the request names none.
    """
    if not (caller.objectives or caller.zero_retention or caller.no_training):
        return preferences
    objective = preferences.objective or (caller.objectives[0] if caller.objectives else None)
    if caller.objectives and objective not in caller.objectives:
        allowed = ", ".join(caller.objectives)
        raise OutOfScopeError(f"This key may not use '{objective}', only: {allowed}.", field="routing.objective")
    return replace(
        preferences,
        objective=objective,
        zero_retention=preferences.zero_retention or caller.zero_retention,
        no_training=preferences.no_training or caller.no_training,
    )


def require_operator(caller: Caller) -> None:
    """OutOfScopeError where the key is an application's."""
    if caller.role != "operator":
        raise OutOfScopeError("This needs an operator's key.")
