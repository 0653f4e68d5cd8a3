"""Keeps the runs that schemathesis starts short: what is valid stays valid, only smaller.

With CHECK_API_PLANT every answer is given a mistake, to see whether it is found: a field too many (extra), one too few
(missing), or a number where there is a text (type).
"""

import json
import os

import schemathesis

PLANT = os.environ.get("CHECK_API_PLANT")

# The largest value that is sent, and the largest that is allowed.
LIMITS = {"iterations": (3, 100_000), "warmup_iterations": (1, 100_000), "concurrency": (4, 1000)}


@schemathesis.hook
def before_call(context, case, kwargs):
    if isinstance(case.body, dict):
        for key, limit in LIMITS.items():
            value = case.body.get(key)
            # Beyond the largest value that is allowed it is meant to be refused.
            if isinstance(value, int) and not isinstance(value, bool) and limit[0] < value <= limit[1]:
                case.body[key] = limit[0]
        # Names that the demo has, so that some requests get through.
        names = case.body.get("benchmarks")
        if isinstance(names, list) and len(names) == 1 and isinstance(names[0], str):
            case.body["benchmarks"] = ["health_check"]


def wrong(value):
    """The same answer, with the mistake in an object as deep in it as there is one."""
    if isinstance(value, list):
        return [wrong(value[0])] + value[1:] if value else value
    deeper = [key for key, inner in value.items() if inner and isinstance(inner, (dict, list)) and inner_object(inner)]
    if deeper:
        return value | {deeper[0]: wrong(value[deeper[0]])}
    if PLANT == "extra":
        return value | {"planted": 1}
    if PLANT == "missing":
        return dict(list(value.items())[1:])
    key = next(key for key, inner in value.items() if isinstance(inner, str))
    return value | {key: 7}


def inner_object(value):
    return isinstance(value, dict) or isinstance(value[0], dict)


@schemathesis.hook
def after_call(context, case, response):
    if PLANT and response.status_code == 200:
        response.content = json.dumps(wrong(json.loads(response.content))).encode()
