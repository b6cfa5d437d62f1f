"""σ를 먼저 구해 −½ Σ (1 + log σ² − μ² − σ²)로"""
def gaussian_kl(mean, log_variance):
    sigma = np.exp(log_variance / 2)
    return -0.5 * np.sum(1 + np.log(sigma**2) - mean**2 - sigma**2, axis=-1)
