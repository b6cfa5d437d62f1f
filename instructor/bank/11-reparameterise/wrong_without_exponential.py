"""로그를 풀지 않고 log σ²를 그대로 곱함"""
def reparameterise(mean, log_variance, noise):
    return mean + log_variance * noise
