package dev.halcyon.verticles.blob.s3;

import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** Makes the SDK's clients as this program needs them. No state; nothing is contacted. */
final class S3Clients {
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);

  /** Without a byte. */
  private static final Duration SILENCE_LIMIT = Duration.ofSeconds(20);

  private S3Clients() {}

  /**
   * The blocking client: its threads are virtual ones, which an interrupt takes out of a socket.
   */
  static S3Client client(S3Options options) {
    var builder =
        S3Client.builder()
            .httpClientBuilder(
                UrlConnectionHttpClient.builder()
                    .connectionTimeout(CONNECT_LIMIT)
                    .socketTimeout(SILENCE_LIMIT))
            .region(Region.of(options.region()))
            .credentialsProvider(credentials(options))
            .serviceConfiguration(configuration(options))
            // Every upload brings its checksum, in a form that all stores know.
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
            .disableS3ExpressSessionAuth(true)
            .overrideConfiguration(
                client ->
                    client
                        .retryStrategy(RetryMode.STANDARD)
                        .addExecutionInterceptor(new WithoutExpect()));
    options.endpoint().ifPresent(builder::endpointOverride);
    return builder.build();
  }

  static S3Presigner presigner(S3Options options) {
    var builder =
        S3Presigner.builder()
            .region(Region.of(options.region()))
            .credentialsProvider(credentials(options))
            .serviceConfiguration(configuration(options));
    options.publicEndpoint().or(options::endpoint).ifPresent(builder::endpointOverride);
    return builder.build();
  }

  private static S3Configuration configuration(S3Options options) {
    return S3Configuration.builder()
        .pathStyleAccessEnabled(options.isPathStyle())
        .chunkedEncodingEnabled(false)
        .build();
  }

  private static AwsCredentialsProvider credentials(S3Options options) {
    return options
        .keys()
        .<AwsCredentialsProvider>map(
            keys ->
                StaticCredentialsProvider.create(
                    AwsBasicCredentials.create(keys.id(), keys.secret())))
        .orElseGet(() -> DefaultCredentialsProvider.builder().build());
  }

  /** Stores that never answer it would stop every upload. */
  private static final class WithoutExpect implements ExecutionInterceptor {
    @Override
    public SdkHttpRequest modifyHttpRequest(
        Context.ModifyHttpRequest context, ExecutionAttributes attributes) {
      return context.httpRequest().copy(request -> request.removeHeader("Expect"));
    }
  }
}
