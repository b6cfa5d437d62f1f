"""점수를 보지 않고 t를 고르게 나눔"""
def adaptive_alphas(score, n):
    return np.linspace(0, 1, n)
