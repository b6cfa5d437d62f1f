"""표준편차 대신 분산을 곱함"""
def reparameterise(mean, log_variance, noise):
    return mean + np.exp(log_variance) * noise
