"""Where training finds its data and leaves its work, and the seed of everything that is drawn at random."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CACHE = ROOT / "training" / ".cache"
DATA = ROOT.parent / "shared" / "data"
OUT = ROOT / "layers" / "meta_model"
REGISTRY = ROOT / "registry"
SEED = 20261122
