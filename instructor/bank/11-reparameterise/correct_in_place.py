"""잡음의 사본을 늘이고 옮김"""
def reparameterise(mean, log_variance, noise):
    z = np.array(noise, dtype=float)
    z *= np.exp(log_variance / 2)
    z += mean
    return z
