"""평균까지 σ배 함: σ (μ + ε)"""
def reparameterise(mean, log_variance, noise):
    return np.exp(0.5 * log_variance) * (mean + noise)
