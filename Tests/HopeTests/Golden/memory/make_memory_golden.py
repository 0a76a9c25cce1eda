#!/usr/bin/env python3
"""Writes chunks.json beside this file: inputs and results of the memories in float64.

Everything is the literal token loop with explicit matrices; gradients are complex-step derivatives
of that loop. Needs numpy. Run: python3 make_memory_golden.py"""
import json
import os

import numpy as np

rng = np.random.default_rng(7)


def f32(x):
    """Values that Float32 holds exactly, so that both sides start from the same numbers."""
    return np.asarray(x, np.float32).astype(np.float64)


def normal(*shape, scale=1.0):
    return f32(rng.normal(size=shape) * scale)


def uniform(low, high, *shape):
    return f32(rng.uniform(low, high, shape))


def unit(x):
    return x / np.sqrt((x * x).sum(-1, keepdims=True))


def silu(x):
    return x / (1 + np.exp(-x))


def silu_slope(x):
    s = 1 / (1 + np.exp(-x))
    return s * (1 + x * (1 - s))


# ---- one matrix: X_t = X_{t-1}(a I - rho e k k^T) - e u k^T

def delta(i, rho, inclusive, momentum):
    x, s, reads = i["state"], i["momentum"], []
    eye = np.eye(x.shape[1])
    for t, k in enumerate(i["keys"]):
        before = x
        shrink = np.exp(i["logRetentions"][t]) * eye - rho * i["rates"][t] * np.outer(k, k)
        gradient = i["rates"][t] * np.outer(i["errors"][t], k)
        if momentum:
            s = i["momenta"][t] * s - gradient
            x = x @ shrink + s
        else:
            x = x @ shrink - gradient
        reads.append((x if inclusive else before) @ i["queries"][t])
    return {"state": x, "momentum": s, "reads": np.array(reads)}


def delta_inputs(tokens, outputs, inputs):
    return {
        "state": normal(outputs, inputs), "momentum": normal(outputs, inputs, scale=0.3),
        "keys": f32(unit(normal(tokens, inputs))), "errors": normal(tokens, outputs),
        "rates": uniform(.01, .6, tokens), "logRetentions": f32(np.log(rng.uniform(.5, 1, tokens))),
        "momenta": uniform(.2, .95, tokens), "queries": normal(tokens, inputs)}


# ---- a two-layer memory, one chunk; gradients at the chunk's start (w1, w2)

def read(w1, w2, z, residual, gain):
    y = w1 @ silu(w2 @ (gain * z))
    return y + z if residual else y


def bounded(rate, alpha, x, u, norm):
    square = (x * x).sum()
    step = rate / (1 + rate * square)
    if norm is not None:
        cap = .999 * (1 - alpha) * norm / (np.sqrt((u * u).sum() * square) + 1e-6)
        step = cap * (1 - np.exp(-step / cap))
    clamp = 2 * alpha / square
    return step if step.real <= clamp.real else clamp


def memory(i, c):
    w1, w2 = i["outer"], i["inner"]
    start1, start2, reads = w1, w2, []
    for t, k in enumerate(i["keys"]):
        if t % c["chunk"] == 0:
            start1, start2 = w1, w2
        reads.append(read(w1, w2, i["queries"][t], c["residual"], c["gain"]))
        rate, alpha = i["rates"][t], np.exp(i["logRetentions"][t])
        x = c["gain"] * k
        a = start2 @ x
        h = silu(a)
        e = read(start1, start2, k, c["residual"], c["gain"]) \
            - read(start1, start2, i["values"][t], c["residual"], c["gain"])
        d = (start1.T @ e) * silu_slope(a)
        e1 = e2 = rate
        if c["bounded"]:
            norms = c["norms"] or [None, None]
            e1, e2 = bounded(rate, alpha, h, e, norms[0]), bounded(rate, alpha, x, d, norms[1])
        w1 = w1 @ (alpha * np.eye(len(h)) - c["outerErase"] * e1 * np.outer(h, h)) - e1 * np.outer(e, h)
        w2 = w2 @ (alpha * np.eye(len(x)) - e2 * np.outer(x, x)) - e2 * np.outer(d, x)
    return {"outer": w1, "inner": w2, "reads": np.array(reads)}


def memory_inputs(tokens, width, hidden, outputs, rates):
    return {
        "outer": normal(outputs, hidden, scale=.3), "inner": normal(hidden, width, scale=.3),
        "keys": f32(unit(normal(tokens, width))), "values": f32(unit(normal(tokens, width))),
        "queries": f32(unit(normal(tokens, width))), "rates": uniform(*rates, tokens),
        "logRetentions": f32(np.log(rng.uniform(.8, .99, tokens)))}


# ---- a layer of five memories, each with its own snapshot clock (Eq. 90), running strict reads

def layer(i, c):
    names = ["key", "value", "eta", "alpha", "main"]
    now = {n: (i[n + ".outer"], i[n + ".inner"]) for n in names}
    start, reads = dict(now), []
    for t, x in enumerate(i["tokens"]):
        for n in names:
            if t % (c["mainChunk"] if n == "main" else c["otherChunk"]) == 0:
                start[n] = now[n]
        f = lambda n, z: read(*start[n], z, n not in ("eta", "alpha"), 1.0)
        k, v = unit(f("key", x)), f("value", x)
        rate = np.log1p(np.exp(f("eta", x)[0] + c["etaBias"]))
        alpha = 1 / (1 + np.exp(-f("alpha", x)[0] - c["alphaBias"]))
        reads.append(read(*now["main"], unit(i["queries"][t]), True, 1.0))
        for n in names:
            a = start[n][1] @ k
            h, e = silu(a), f(n, k) - f(n, v)
            d = (start[n][0].T @ e) * silu_slope(a)
            w1, w2 = now[n]
            now[n] = (alpha * w1 - rate * np.outer(e, h),
                      w2 @ (alpha * np.eye(len(k)) - rate * np.outer(k, k)) - rate * np.outer(d, k))
    result = {"reads": np.array(reads)}
    for n in names:
        result[n + ".outer"], result[n + ".inner"] = now[n]
    return result


# ---- writing

def slopes(run, inputs, names, weights):
    """Complex-step gradient of the weighted sum of the results."""
    gradients = {}
    for name in names:
        g = np.zeros_like(inputs[name])
        for j in np.ndindex(*g.shape):
            moved = {n: v.astype(complex) for n, v in inputs.items()}
            moved[name][j] += 1e-30j
            out = run(moved)
            g[j] = sum(np.sum(out[n] * w) for n, w in weights.items()).imag / 1e-30
        gradients[name] = g
    return gradients


def packed(arrays, digits):
    return {n: {"shape": list(a.shape), "values": [float(f"{x:.{digits}g}") for x in a.ravel()]}
            for n, a in arrays.items()}


shared = []  # inputs, some used by several cases


def case(kind, config, inputs, results, **more):
    if not shared or shared[-1] is not inputs:
        shared.append(inputs)
    return {"kind": kind, "config": config, "inputs": len(shared) - 1, "results": packed(results, 8),
            **{n: packed(a, 9) for n, a in more.items()}}


def main():
    cases = []
    i = delta_inputs(23, 7, 11)
    for n, (rho, momentum) in enumerate([(0, 0), (1, 0), (2, 0), (1, 1)]):
        for inclusive in (False, True):
            c = {"erase": rho, "inclusive": inclusive, "momentum": bool(momentum)}
            cases.append(case("delta", c, i, delta(i, rho, inclusive, momentum)))
    for rho in (0, 1):
        i = delta_inputs(9, 5, 6)
        run = lambda z: delta(z, rho, False, False)
        w = {"state": normal(5, 6), "reads": normal(9, 5)}
        g = slopes(run, i, ["state", "keys", "errors", "rates", "logRetentions", "queries"], w)
        c = {"erase": rho, "inclusive": False, "momentum": False}
        cases.append(case("delta", c, i, run(i), weights=w, gradients=g))
    for residual, outputs, is_bounded, capped, erase, gain in [
            (True, 10, False, False, 0, 1.0), (True, 10, False, False, 1, 1.0),
            (True, 10, True, False, 1, 1.0), (True, 10, True, True, 1, 1.0),
            (True, 10, True, True, 1, 3.0), (False, 1, True, True, 1, 1.0)]:
        i = memory_inputs(37, 10, 14, outputs, (.01, 2.) if capped else (.01, .1))
        norms = [float(np.linalg.norm(i["outer"])), float(np.linalg.norm(i["inner"]))]
        c = {"chunk": 16, "residual": residual, "bounded": is_bounded, "gain": gain,
             "norms": norms if capped else None, "outerErase": erase}
        cases.append(case("memory", c, i, memory(i, c)))
    for residual, outputs, capped in [(True, 6, False), (True, 6, True), (False, 1, True)]:
        i = memory_inputs(9, 6, 8, outputs, (.05, .4))
        norms = [float(np.linalg.norm(i["outer"])), float(np.linalg.norm(i["inner"]))]
        c = {"chunk": 9, "residual": residual, "bounded": True, "gain": 1.0,
             "norms": norms if capped else None, "outerErase": 1}
        w = {"outer": normal(outputs, 8), "inner": normal(8, 6), "reads": normal(9, outputs)}
        cases.append(case("memory", c, i, memory(i, c), weights=w,
                          gradients=slopes(lambda z: memory(z, c), i, list(i), w)))
    i = {"tokens": normal(41, 9), "queries": normal(41, 9)}
    for n, outputs in dict(key=9, value=9, eta=1, alpha=1, main=9).items():
        i[n + ".outer"], i[n + ".inner"] = normal(outputs, 11, scale=.3), normal(11, 9, scale=.3)
    c = {"otherChunk": 4, "mainChunk": 12, "etaBias": -1.5, "alphaBias": 2.25}
    cases.append(case("layer", c, i, layer(i, c)))
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "chunks.json")
    with open(path, "w") as file:
        json.dump({"generator": "make_memory_golden.py", "inputs": [packed(i, 9) for i in shared],
                   "cases": cases}, file, separators=(",", ":"))
        file.write("\n")


main()
