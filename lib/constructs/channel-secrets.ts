import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { Grant } from 'aws-cdk-lib/aws-iam';
import { Secret, type SecretStringGenerator } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { EnvKey } from '#lambdas/contract/environment';
import type { ChannelFunction } from './channel-function.ts';

/**
 * The three secrets of a stage. Those of Twilio are made with random values, which Twilio
 * refuses and which no webhook is signed with: until an operator sets them nothing is let through.
 *
 * Their generators never change: CloudFormation would replace the values in use.
 */
export class ChannelSecrets extends Construct {
  private readonly sessionKey: Secret;
  private readonly twilioApiKey: Secret;
  private readonly twilioAuthToken: Secret;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.sessionKey = this.secret(
      'SessionKey',
      { passwordLength: 64, excludePunctuation: true },
      'A new value alone would end every session, so no schedule sets it: "flex-channel secrets rotate" adds a key beside the old one.',
    );
    this.twilioApiKey = this.secret(
      'TwilioApiKey',
      { secretStringTemplate: JSON.stringify({ keySid: '' }), generateStringKey: 'keySecret' },
      'Only Twilio makes API keys: an operator makes the new one there and stores it here.',
    );
    this.twilioAuthToken = this.secret(
      'TwilioAuthToken',
      { secretStringTemplate: '{}', generateStringKey: 'primary' },
      'Only Twilio makes auth tokens. Functions accept two, so that an operator can change them without a gap.',
    );
  }

  get sessionKeyArn(): string {
    return this.sessionKey.secretArn;
  }

  get twilioApiKeyArn(): string {
    return this.twilioApiKey.secretArn;
  }

  get twilioAuthTokenArn(): string {
    return this.twilioAuthToken.secretArn;
  }

  /** For what issues and verifies session tokens. */
  grantSessionKey(fn: ChannelFunction): void {
    grantRead(this.sessionKey, fn, 'sessionKeySecretArn');
  }

  /** For what calls Twilio. */
  grantTwilioApiKey(fn: ChannelFunction): void {
    grantRead(this.twilioApiKey, fn, 'twilioApiKeySecretArn');
  }

  /** For what verifies Twilio's signatures. */
  grantTwilioAuthToken(fn: ChannelFunction): void {
    grantRead(this.twilioAuthToken, fn, 'twilioAuthTokenSecretArn');
  }

  private secret(id: string, generate: SecretStringGenerator, whyNoRotation: string): Secret {
    const secret = new Secret(this, id, {
      generateSecretString: generate,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    Validations.of(secret).acknowledge({ id: 'AwsSolutions-SMG4', reason: whyNoRotation });
    return secret;
  }
}

type SecretName = Extract<EnvKey, `${string}SecretArn`>;

function grantRead(secret: Secret, fn: ChannelFunction, name: SecretName): void {
  Grant.addToPrincipal({
    grantee: fn,
    actions: ['secretsmanager:GetSecretValue'],
    resourceArns: [secret.secretArn],
  });
  fn.tell(name, secret.secretArn);
}
