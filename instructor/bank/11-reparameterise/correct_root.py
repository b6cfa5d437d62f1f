"""분산의 제곱근으로"""
def reparameterise(mean, log_variance, noise):
    return mean + np.sqrt(np.exp(log_variance)) * noise
