"""차원으로 더하지 않고 평균함: 차원이 많아져도 커지지 않습니다"""
def gaussian_kl(mean, log_variance):
    return np.mean(0.5 * (mean**2 + np.exp(log_variance) - 1 - log_variance), axis=1)
