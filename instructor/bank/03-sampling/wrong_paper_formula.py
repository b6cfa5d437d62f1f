"""논문의 식 √(t/f)만 쓰고 t/f를 더하지 않음"""
def sampling(counts, power, t):
    f = counts / counts.sum()
    return counts**power / (counts**power).sum(), np.minimum(1, np.sqrt(t / f))
