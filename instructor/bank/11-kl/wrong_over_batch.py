"""차원이 아니라 글로 더함(axis=0)"""
def gaussian_kl(mean, log_variance):
    return np.sum(0.5 * (mean**2 + np.exp(log_variance) - 1 - log_variance), axis=0)
