"""``python -m lab_utils.vae``: prepare, train, export."""

import argparse
import os
import sys
from pathlib import Path

from .config import RECIPES


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m lab_utils.vae", description="Transformer-VAE를 준비하고 학습합니다.")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, help_text in (("prepare", "말뭉치를 토큰 배열로 바꿉니다(학습에는 이것만 있으면 됩니다)"),
                            ("train", "학습합니다. 멈췄다가 같은 명령으로 이어집니다")):
        command = commands.add_parser(name, help=help_text)
        command.add_argument("recipe", choices=RECIPES, metavar="CONFIG", help=", ".join(RECIPES))
        command.add_argument("--folder", type=Path, help="토큰, 체크포인트, 기록을 두는 폴더")
    command.add_argument("--tokens", type=Path, help="미리 준비한 tokens.npz와 tokenizer.json이 있는 폴더")
    command.add_argument("--out", type=Path, help="다 배운 모델을 저장할 폴더")
    command.add_argument("--steps", type=int)
    command.add_argument("--rate", type=float, help="목표 KL(nats)")
    command.add_argument("--seed", type=int)
    command.add_argument("--seconds", type=float, help="이 시간이 지나면 저장하고 멈춥니다")
    command.add_argument("--device", choices=("cuda", "mps", "cpu"))
    options = parser.parse_args(arguments)
    from ..datasets import DataError
    from ..download import DownloadError
    from .pipeline import model_card, train_recipe, work_folder
    from .training import CheckpointError

    folder = options.folder or work_folder(options.recipe)
    try:
        if options.command == "prepare":
            from .data import prepare

            array, _ = prepare(RECIPES[options.recipe], folder)
            print(f"{folder}: 리뷰 {len(array.lengths):,}건, 토큰 {len(array.tokens):,}개")
            return 0
        changes = {name: value for name in ("steps", "rate", "seed") if (value := getattr(options, name)) is not None}
        vae = train_recipe(options.recipe, folder, prepared=options.tokens, max_seconds=options.seconds, device=options.device, **changes)
    except (CheckpointError, DataError, DownloadError) as error:
        print(error, file=sys.stderr)
        return 1
    if vae is None:
        print(f"시간이 되어 저장하고 멈췄습니다. 같은 명령을 다시 실행하면 이어집니다({folder}).")
        return 3
    if int(os.environ.get("RANK", "0")):  # of several processes one writes
        return 0
    out = options.out or folder / "model"
    vae.save_pretrained(out, vae.card)
    (out / "README.md").write_text(model_card(options.recipe, vae.card), encoding="utf-8")
    print(f"{out}: {vae.card['metrics']}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
