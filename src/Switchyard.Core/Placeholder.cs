namespace Switchyard;
