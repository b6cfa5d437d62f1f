"""남길 확률이 아니라 버릴 확률을 돌려줌"""
def sampling(counts, power, t):
    f = counts / counts.sum()
    return counts**power / (counts**power).sum(), 1 - np.minimum(1, np.sqrt(t / f) + t / f)
