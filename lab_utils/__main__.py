"""``python -m lab_utils doctor`` and ``python -m lab_utils run``."""

import sys

COMMANDS = {"doctor": "이 컴퓨터가 준비되었는지 살핍니다", "run": "모든 노트북을 실행하고 페이지를 만듭니다"}


def main(arguments: list[str]) -> int:
    for stream in (sys.stdout, sys.stderr):  # a console in cp949 or C would stop at the first ✓
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    command = arguments[0] if arguments else ""
    if command not in COMMANDS:
        print("사용법: python -m lab_utils 명령", *(f"  {name:8}{what}" for name, what in COMMANDS.items()), sep="\n")
        return 0 if command in ("-h", "--help") else 2
    from importlib import import_module

    try:
        module = import_module(f"lab_utils.{'doctor' if command == 'doctor' else 'course'}")
        return module.main(arguments[1:])
    except (ValueError, FileNotFoundError, OSError) as error:
        print(f"✗ {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
