"""잡음을 섞지 않음: 그냥 오토인코더입니다"""
def reparameterise(mean, log_variance, noise):
    return mean + 0 * noise
