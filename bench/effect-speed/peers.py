"""Prints, as JSON, the user CPU milliseconds of a call in each case: peers.py WHICH CASES."""
import json
import os
import resource
import statistics
import sys
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

which, path = sys.argv[1:3]
import numpy as np
import pandas as pd

LIMIT = 60  # seconds; a case that takes longer is called once


def bsts(warmup):
    from causal_impact import CausalImpact, ModelOptions

    def call(frame, before, seasons, seed):
        options = ModelOptions(niter=1000, nwarmup=warmup, seed=seed, nseasons=seasons or None, season_duration=1 if seasons else None)
        CausalImpact(frame, [0, before - 1], [before, len(frame) - 1], model_args=options).summary()

    return call


def tfp():
    import causalimpact

    def call(frame, before, seasons, seed):
        options = causalimpact.ModelOptions(seasons=[causalimpact.Seasons(num_seasons=seasons)] if seasons else [])
        frame = frame.set_axis(pd.date_range("2020-01-01", periods=len(frame)))
        causalimpact.fit_causalimpact(
            frame,
            pre_period=(str(frame.index[0].date()), str(frame.index[before - 1].date())),
            post_period=(str(frame.index[before].date()), str(frame.index[-1].date())),
            seed=seed,
            model_options=options,
            inference_options=causalimpact.InferenceOptions(num_results=900, num_warmup_steps=100),
        )

    return call


call = {"bsts": lambda: bsts(500), "bsts-cold": lambda: bsts(0), "tfp": tfp}[which]()
out = {}
for case in json.load(open(path)):
    columns = {"y": case["y"]}
    if case["x"]:
        for j, column in enumerate(zip(*case["x"])):
            columns[f"x{j}"] = column
    frame = pd.DataFrame(columns)
    took, start = [], time.monotonic()
    for seed in range(6):
        before = resource.getrusage(resource.RUSAGE_SELF).ru_utime
        try:
            call(frame, case["before"], case["seasons"], seed)
        except Exception as problem:  # a case that a program refuses is left out, with its reason
            print(case["name"], repr(problem), file=sys.stderr)
            break
        took.append(1000 * (resource.getrusage(resource.RUSAGE_SELF).ru_utime - before))
        if time.monotonic() - start > LIMIT:
            break
    if took:
        out[case["name"]] = statistics.median(took[1:] or took)  # the first call warms up
print(json.dumps(out))
