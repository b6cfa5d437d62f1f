"""몫을 먼저 구해 거듭제곱함(나눈 수는 약분됨)"""
def sampling(counts, power, t):
    f = counts / counts.sum()
    raised = f**power
    keep = (np.sqrt(f / t) + 1) * t / f
    return raised / raised.sum(), np.where(keep > 1, 1, keep)
