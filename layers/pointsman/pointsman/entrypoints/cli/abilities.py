"""`pointsman registry calibrate` and `onboard`: abilities from evidence, and graded answers as evidence."""

import os
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from pointsman.adapters.prompt_pool_file import read_pool_file, write_pool_file
from pointsman.adapters.seed_registry import read_seed_registry
from pointsman.application.calibrate_registry import read_whole
from pointsman.application.read_prompt_pool import find_prompt
from pointsman.bootstrap.abilities import AbilityDesk, build_ability_desk
from pointsman.domain.errors import RequestError
from pointsman.domain.onboarding import PoolPrompt
from pointsman.entrypoints.cli.ability_views import show_calibration, show_next, show_standing
from pointsman.entrypoints.cli.operating import ending_in_one_line
from pointsman.entrypoints.cli.registry import MODEL_DIR, ModelDir
from pointsman.settings import Settings

onboard = typer.Typer(
    no_args_is_help=True, help="Bring a model in by 30 to 60 graded answers, chosen one after another."
)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]
Model = Annotated[str, typer.Argument(help="The model's id in the registry, such as acme/small.")]
Pool = Annotated[
    Path,
    typer.Option(
        "--pool",
        envvar="POINTSMAN_POOL",
        exists=True,
        dir_okay=False,
        help="Your prompts, a JSON object a line: id and text, or what `onboard read` made of them.",
    ),
]


@contextmanager
def _desk(context: typer.Context, model_dir: Path) -> Generator[AbilityDesk, None, None]:
    """What the commands work with, unless the caller brought a desk along."""
    with ending_in_one_line():
        settings = replace(Settings.from_env(os.environ), meta_model_dir=model_dir)
        yield context.obj or build_ability_desk(settings)


def calibrate(
    context: typer.Context,
    apply: Annotated[bool, typer.Option("--apply", help="Write the abilities as the registry's next version.")] = False,
    packed: Annotated[
        bool, typer.Option("--packed", help="Look at the seed inside the package; needs no table.")
    ] = False,
    feedback: Annotated[
        bool, typer.Option("--feedback", help="Take what callers graded into the evidence; reads the whole audit.")
    ] = False,
    model_dir: ModelDir = MODEL_DIR,
    as_json: AsJson = False,
) -> None:
    """Fit every model's ability to its evidence anew and show what changes; nothing is written without --apply."""
    with _desk(context, model_dir) as desk:
        if apply and packed:
            raise RequestError("--apply: the packed seed is written by `pointsman registry pack`", field="--apply")
        registry = read_seed_registry() if packed else read_whole(desk.store)
        if feedback:
            registry = desk.calibration.with_feedback(registry, desk.feedback(), as_of=desk.today())
        changes = desk.calibration.plan(registry)
        version = desk.calibration.apply(desk.store, registry) if apply else None
        show_calibration(changes, desk.items.meta_model_sha256, applied=apply, version=version, as_json=as_json)


@onboard.command("next")
def choose_next_prompts(
    context: typer.Context,
    model: Model,
    pool: Pool,
    count: Annotated[int, typer.Option(min=1, max=100, help="How many to grade before asking again.")] = 1,
    model_dir: ModelDir = MODEL_DIR,
    as_json: AsJson = False,
) -> None:
    """The prompts of the pool whose grades would tell most of MODEL, best first."""
    with _desk(context, model_dir) as desk:
        prompts = _read_pool(desk, pool)
        chosen = desk.onboarding.next_prompts(model, prompts, count=count)
        texts = {row.prompt_id: row.text for row in read_pool_file(pool)}
        show_next(desk.onboarding.standing(model, prompts), chosen, texts, as_json=as_json)


@onboard.command("grade")
def grade_answer(
    context: typer.Context,
    model: Model,
    prompt_id: Annotated[str, typer.Argument(help="The prompt's id in the pool.")],
    score: Annotated[float, typer.Argument(help="0 for a useless answer, 1 for a perfect one, or between.")],
    pool: Pool,
    model_dir: ModelDir = MODEL_DIR,
    as_json: AsJson = False,
) -> None:
    """Keep how good MODEL's answer to a prompt was, as evidence on its card, and fit its ability anew."""
    with _desk(context, model_dir) as desk:
        # Not-a-number is neither below nor above anything.
        if not 0 <= score <= 1:
            raise RequestError(f"SCORE: must be from 0 to 1, not {score}", field="SCORE")
        prompts = _read_pool(desk, pool)
        prompt = find_prompt(prompts, prompt_id)
        desk.onboarding.grade(model, prompt, score_milli=round(1000 * score), as_of=desk.today())
        show_standing(desk.onboarding.standing(model, prompts), as_json=as_json)


@onboard.command("status")
def show_status(
    context: typer.Context, model: Model, pool: Pool, model_dir: ModelDir = MODEL_DIR, as_json: AsJson = False
) -> None:
    """What is known of MODEL: its ability, how well it would answer the pool, and whether to grade on."""
    with _desk(context, model_dir) as desk:
        show_standing(desk.onboarding.standing(model, _read_pool(desk, pool)), as_json=as_json)


@onboard.command("read")
def read_pool(
    context: typer.Context,
    pool: Pool,
    out: Annotated[Path, typer.Argument(dir_okay=False, help="Where the numbers go; they hold no text.")],
    model_dir: ModelDir = MODEL_DIR,
) -> None:
    """Let the meta-model read the pool once, so that later commands are quick and need no text."""
    with _desk(context, model_dir) as desk:
        rows = desk.reader.read_numbers(read_pool_file(pool))
        write_pool_file(out, rows)
        typer.echo(f"{out}: {len(rows)} prompts")


def _read_pool(desk: AbilityDesk, pool: Path) -> list[PoolPrompt]:
    return desk.reader.read(read_pool_file(pool))
