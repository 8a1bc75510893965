import type { StreamName } from "./config";
import type { DeploymentKey } from "./deployment-key";

/**
 * One datagram. Sequence numbers come in blocks of a second, so that what a receiver counted in a block can be
 * held against exactly what was sent in it, whenever each of the two started.
 */
export interface Packet {
  readonly stream: StreamName;
  /** Which run of the sender: 16 hex digits, new at each start. */
  readonly incarnation: string;
  readonly block: number;
  /** Position in the block, from 0. */
  readonly index: number;
}

const MAGIC = Buffer.from("mlp1");
const STREAMS: readonly StreamName[] = ["test", "control", "unicast"];
const BODY_BYTES = MAGIC.length + 1 + 8 + 4 + 2;
const SIGNATURE_BYTES = 16;

/** Writes and reads the signed datagrams of one check. */
export class PacketCodec {
  public constructor(private readonly key: DeploymentKey) {}

  public encode(packet: Packet): Buffer {
    const body = Buffer.alloc(BODY_BYTES);
    MAGIC.copy(body);
    body.writeUInt8(STREAMS.indexOf(packet.stream), 4);
    body.write(packet.incarnation, 5, 8, "hex");
    body.writeUInt32BE(packet.block, 13);
    body.writeUInt16BE(packet.index, 17);
    return Buffer.concat([body, this.key.sign("packet", body).subarray(0, SIGNATURE_BYTES)]);
  }

  /** The packet, or nothing when the datagram is not one of this deployment of the check. */
  public decode(datagram: Buffer): Packet | undefined {
    if (datagram.length !== BODY_BYTES + SIGNATURE_BYTES || !datagram.subarray(0, 4).equals(MAGIC)) return undefined;
    const body = datagram.subarray(0, BODY_BYTES);
    if (!this.key.verify("packet", datagram.subarray(BODY_BYTES), body)) return undefined;
    const stream = STREAMS[body.readUInt8(4)];
    if (!stream) return undefined;
    return {
      stream,
      incarnation: body.toString("hex", 5, 13),
      block: body.readUInt32BE(13),
      index: body.readUInt16BE(17),
    };
  }
}
