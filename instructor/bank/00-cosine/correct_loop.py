"""번호로 도는 반복문으로"""
import math


def cosine(u, v):
    dot = uu = vv = 0.0
    for i in range(len(u)):
        dot += u[i] * v[i]
        uu += u[i] ** 2
        vv += v[i] ** 2
    return dot / math.sqrt(uu) / math.sqrt(vv)
