"""더 높은 점수의 수를 세어 순위를 구함"""
def fuse(first, second, k=60):
    return sum(1 / (k + 1 + (s[None, :] > s[:, None]).sum(axis=1)) for s in (first, second))
