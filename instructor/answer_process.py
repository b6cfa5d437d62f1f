"""The process in which answers run: ``python answer_process.py JOB.json RESULTS.jsonl``.

It knows the answers, the inputs and how to call an answer, never the expected values. One line of JSON per answer is written
as soon as it is done, so that a crash or a time-out costs only the answers that follow.
"""

import json
import linecache
import sys


def main(job_file: str, results_file: str) -> None:
    """Run every answer of the job in a namespace of its own."""
    with open(job_file, encoding="utf-8") as file:
        job = json.load(file)
    sys.path.insert(0, job["root"])
    probes = {"__name__": "probes"}
    exec(compile(job["probes"], "<probes>", "exec"), probes)
    with open(results_file, "w", encoding="utf-8") as results:
        for number, answer in enumerate(job["answers"]):
            results.write(json.dumps(_outcome(job, probes["call"], answer, f"<answer {number}>")) + "\n")
            results.flush()


def _outcome(job, call, answer: str, filename: str) -> dict:
    from lab_utils import exercises
    from lab_utils.explain import explain

    namespace = {"__name__": "__main__"}
    try:
        for cell in job["context"]:
            exec(compile(cell, "<imports>", "exec"), namespace)
    except BaseException as error:
        return {"failure": "context", "message": explain(error)}
    # Known to linecache, so that messages can quote the student's line.
    linecache.cache[filename] = (len(answer), None, answer.splitlines(keepends=True), filename)
    try:
        code = compile(answer, filename, "exec")
    except BaseException as error:
        return {"failure": "syntax", "message": explain(error)}
    try:
        exec(code, namespace)
    except BaseException as error:
        return {"failure": "error", "message": explain(error)}
    missing = [name for name in job["names"] if name not in namespace]
    if missing:
        return {"failure": "missing", "message": f"답 셀에 다음 이름이 없습니다: {', '.join(missing)}"}
    visible = ""
    if job["test"]:
        exercises.EXERCISES.clear()
        try:
            exec(compile(job["test"], "<check>", "exec"), dict(namespace))
        except BaseException as error:  # in a line outside the check: the lesson's fault
            return {"failure": "context", "message": explain(error)}
        visible = exercises.EXERCISES.get(job["id"], ("",))[0]
    values = []
    for case in json.loads(json.dumps(job["cases"])):  # an answer that changes its input spoils no other's
        try:
            values.append({"value": json.loads(json.dumps(call(namespace, case), default=_plain))})
        except BaseException as error:
            values.append({"error": explain(error, check_code=call.__code__), "stub": exercises.is_stub(error)})
    return {"values": values, "visible": visible}


def _plain(value):
    """Arrays, tensors, series, sparse matrices and their scalars as lists and numbers."""
    if hasattr(value, "toarray"):
        value = value.toarray()
    if hasattr(value, "tolist"):
        return value.tolist()
    raise TypeError(f"{type(value).__name__} 값은 채점할 수 있는 종류(수, 글자, 리스트, 배열)가 아닙니다.")


if __name__ == "__main__":
    main(*sys.argv[1:3])
