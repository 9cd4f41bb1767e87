// The network that the machine stands in: a new VPC and vSwitch or those of the account, and a security group of its own, which
// lets nothing in but the web page. There is no rule for SSH: the console's Session Manager and VNC reach the machine without one.

import { type Construct, Fn, type IResolvable, RosCondition, RosPseudo } from '@alicloud/ros-cdk-core'
import { SecurityGroup, SecurityGroupIngress, Vpc, VSwitch } from '@alicloud/ros-cdk-ecs'
import type { NetworkParameters } from './parameters/network.ts'
import type { ServiceParameters } from './parameters/service.ts'

/** Names of the template's conditions. */
export const HAS_DOMAIN = 'HasDomain'
const NEW_NETWORK = 'NewNetwork'

export interface Network {
  readonly vpcId: IResolvable
  readonly vSwitchId: IResolvable
  readonly securityGroupId: IResolvable | string
}

type Access = Pick<ServiceParameters, 'allowedRange' | 'domain'>

export function addNetwork(scope: Construct, parameters: NetworkParameters, access: Access): Network {
  const isNew = new RosCondition(scope, NEW_NETWORK, { expression: Fn.conditionEquals(parameters.vpcOption, 'NewVPC') })
  const vpc = new Vpc(scope, 'Vpc', { vpcName: RosPseudo.stackName, cidrBlock: parameters.vpcCidrBlock })
  const vSwitch = new VSwitch(scope, 'VSwitch', {
    vSwitchName: RosPseudo.stackName,
    vpcId: vpc.attrVpcId,
    zoneId: parameters.zoneId,
    cidrBlock: parameters.vSwitchCidrBlock,
  })
  for (const resource of [vpc, vSwitch]) resource.addCondition(isNew)
  const vpcId = either(NEW_NETWORK, vpc.attrVpcId, parameters.vpcId)
  const vSwitchId = either(NEW_NETWORK, vSwitch.attrVSwitchId, parameters.vSwitchId)
  return { vpcId, vSwitchId, securityGroupId: addSecurityGroup(scope, vpcId, access) }
}

/** With a domain the page is at 443. Port 80 is then open to all, for the certificate: its issuer asks there, from addresses it does not tell. */
function addSecurityGroup(scope: Construct, vpcId: IResolvable, { allowedRange, domain }: Access): IResolvable | string {
  const hasDomain = new RosCondition(scope, HAS_DOMAIN, { expression: Fn.conditionNot(Fn.conditionEquals(domain, '')) })
  const { attrSecurityGroupId } = new SecurityGroup(scope, 'SecurityGroup', {
    securityGroupName: RosPseudo.stackName,
    vpcId,
    securityGroupIngress: [
      {
        description: 'The web page',
        ipProtocol: 'tcp',
        portRange: either(HAS_DOMAIN, '443/443', '80/80'),
        sourceCidrIp: allowedRange,
        priority: 1,
        nicType: 'intranet',
      },
    ],
  })
  const forCertificate = new SecurityGroupIngress(scope, 'CertificateIngress', {
    securityGroupId: attrSecurityGroupId,
    description: 'Caddy: certificate checks, and the way from http to https',
    ipProtocol: 'tcp',
    portRange: '80/80',
    sourceCidrIp: '0.0.0.0/0',
    priority: 1,
    nicType: 'intranet',
  })
  forCertificate.addCondition(hasDomain)
  return attrSecurityGroupId
}

export function either(condition: string, yes: IResolvable | string, no: IResolvable | string): IResolvable {
  return Fn.conditionIf(condition, yes, no) as IResolvable
}
