"""받은 잡음을 쓰지 않고 새로 뽑음"""
def reparameterise(mean, log_variance, noise):
    return np.random.default_rng(0).normal(mean, np.exp(0.5 * log_variance))
