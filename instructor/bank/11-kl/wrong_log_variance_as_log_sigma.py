"""log σ²를 log σ로 알고 한 번 더 제곱함"""
def gaussian_kl(mean, log_variance):
    sigma = np.exp(log_variance)
    return 0.5 * np.sum(mean**2 + sigma**2 - 1 - 2 * log_variance, axis=1)
